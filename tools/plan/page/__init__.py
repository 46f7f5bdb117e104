"""The plan as a page for browsers: one file that asks nothing of any network.

A browser lays a flowchart out: boxes are rows of columns that fold, and the page's script draws the
arrows between what is seen of them (docs/adr/0047-a-page-that-the-browser-lays-out.md).
"""
