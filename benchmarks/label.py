"""(docstring below)"""
import random
from pathlib import Path
from millstream import corpora
from millstream.conversations import Conversation

def drawn(files, count, keep=lambda key: True):
    found=[each for file in files for each in corpora.conversations(file) if keep(each.key)]
    random.Random(0).shuffle(found)
    return found[:count]
