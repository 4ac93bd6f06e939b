// What every page of the desk needs; each module does one thing and every page works without them.
import "./unsent.js";
import "./dialog.js";
import "./focus.js";
import "./keyboard.js";
import "./notices.js";
import "./forms.js";
import "./board.js";
