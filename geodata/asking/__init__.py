"""What each page is asked: read from the query of its address, and what its controls offer. One file a page.

A saved view, a link and a command all carry an address; read here, they ask the same question as the page.
"""
