"""The lab: a page on this machine where policy's knobs are turned and the dollar system answers."""
