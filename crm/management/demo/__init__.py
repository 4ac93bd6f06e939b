"""The demo: four municipalities with made-up people, the same every time, fresh on the day it is built.

`sketches` says who moves, `stories` what happens to them and when (both without a database), `play` has it done
through the actions; `staff` and `programme` make the accounts and the joint project. `texts` has the words.
"""
