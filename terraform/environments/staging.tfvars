# What differs from the defaults here, for both roots. The project comes on the command line.
environment = "staging"
domain      = "staging.cos.example.com" # your own

scaling = { max_instances = 5 }

# Everything judged, nothing refused: a rule that would hurt somebody shows here first.
firewall = {
  scanners = "preview"
  exploits = "preview"
  protocol = "preview"
  files    = "preview"
  remote   = "preview"
  commands = "preview"
  scripts  = "preview"
  queries  = "preview"
}

# Who is told of incidents.
alert_emails = [] # ["you@example.com"]
