#!/usr/bin/python3
"""Prints what hmmstreamdecode reports on the bus while a recording plays.

Usage: GST_PLUGIN_PATH=build/plugins pipelines/listen.py RECORDING
"""
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

if len(sys.argv) != 2:
    sys.exit(__doc__)
Gst.init(None)
pipeline = Gst.parse_launch(
    "filesrc name=file ! decodebin ! audioconvert ! audioresample ! "
    "hmmmelfeatures ! hmmstreamdecode ! fakesink")
pipeline.get_by_name("file").set_property("location", sys.argv[1])
pipeline.set_state(Gst.State.PLAYING)
bus = pipeline.get_bus()
failure = None
while True:
    message = bus.timed_pop(Gst.CLOCK_TIME_NONE)
    if message.type == Gst.MessageType.ERROR:
        failure = f"{sys.argv[1]}: {message.parse_error().gerror.message}"
        break
    if message.type == Gst.MessageType.EOS:
        break
    fields = message.get_structure()
    if message.type == Gst.MessageType.ELEMENT and fields.has_name("hmm-state"):
        print("%7.3f s  %-5s %.2f  %s" % (fields["timestamp"] / Gst.SECOND, fields["label"],
                                          fields["confidence"], fields["commit"]))
pipeline.set_state(Gst.State.NULL)
sys.exit(failure)
