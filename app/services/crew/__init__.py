"""The crew board: who may open it (`links`), what they see (`board`), what they tap (`taps`), and
the small web app that serves it (`web`)."""
