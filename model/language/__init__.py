"""What a model is written in: symbols with time and units, sectors and instruments, equations, systems and their structure."""
