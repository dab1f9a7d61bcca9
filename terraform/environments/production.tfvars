# What differs from the defaults here, for both roots. The project comes on the command line.
environment = "production"
domain      = "cos.example.com" # your own

# What a person waits for never starts cold.
scaling = {
  max_instances = 20
  functions = {
    chat           = { min_instances = 1 }
    chat_stream    = { min_instances = 1 }
    membrane       = { min_instances = 1 }
    plate_composer = { min_instances = 1 }
  }
}

# Of every tenth request that was served, a line; alerts count by metrics, not by these.
request_log_share = 0.1

# Who is told of incidents.
alert_emails = [] # ["you@example.com"]
