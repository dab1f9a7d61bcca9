# Cloud Armor. Everything stored goes in as values (Firestore documents, parameters of named queries), so there is no SQL,
# shell or template behind these paths that words could break out of. What people write in messages, leads and imported
# rows is full of apostrophes, "select" and paths; a rule that judges it would refuse O'Brien and protect nothing. So:
#   * rule sets that know an attacking program or a known exploit judge every request;
#   * rule sets that judge words judge addresses, headers and queries (GET carries no body), at sensitivity 1, where rules
#     ask for a whole attack and not for a quote;
#   * the same sets look at bodies in preview: they log what they would have refused, and refuse nothing.
# After Google's rules a client's rate is limited. That rule is the last one that decides, because what is under the
# limit is let in by it and not judged any further.

locals {
  firewall = merge({ for name, one in local.rule_sets : name => one.mode }, var.firewall)

  rule_sets = {
    scanners = { mode = "enforce", priority = 1000, set = "scannerdetection-v33-stable", on = "", words = "Attack tools by their names and headers" }
    exploits = { mode = "enforce", priority = 1010, set = "cve-canary", on = "", words = "Known exploits (Log4Shell and the like)" }
    protocol = { mode = "enforce", priority = 1020, set = "protocolattack-v33-stable", on = local.without_body, words = "Header injection and response splitting" }
    files    = { mode = "enforce", priority = 1030, set = "lfi-v33-stable", on = local.without_body, words = "Paths that climb out of a folder" }
    remote   = { mode = "enforce", priority = 1040, set = "rfi-v33-stable", on = local.without_body, words = "Addresses to be included" }
    commands = { mode = "enforce", priority = 1050, set = "rce-v33-stable", on = local.without_body, words = "Shell commands" }
    scripts  = { mode = "enforce", priority = 1060, set = "xss-v33-stable", on = local.without_body, words = "Scripts" }
    queries  = { mode = "enforce", priority = 1070, set = "sqli-v33-stable", on = local.without_body, words = "SQL" }

    scripts_in_bodies = { mode = "preview", priority = 1100, set = "xss-v33-stable", on = local.with_body, words = "Scripts in bodies" }
    queries_in_bodies = { mode = "preview", priority = 1110, set = "sqli-v33-stable", on = local.with_body, words = "SQL in bodies" }
  }
  without_body = "request.method == 'GET' && "
  with_body    = "request.method != 'GET' && "
}

resource "google_compute_security_policy" "this" {
  name        = var.name
  description = "What may reach the functions, and how often."
  type        = "CLOUD_ARMOR"

  # A JSON body is read as the values it holds, not as one text full of quotes.
  advanced_options_config {
    json_parsing = "STANDARD"
    log_level    = "NORMAL"
  }

  dynamic "rule" {
    for_each = { for name, one in local.rule_sets : name => one if local.firewall[name] != "off" }
    content {
      priority    = rule.value.priority
      action      = "deny(403)"
      preview     = local.firewall[rule.key] == "preview"
      description = rule.value.words
      match {
        expr {
          expression = "${rule.value.on}evaluatePreconfiguredWaf('${rule.value.set}', {'sensitivity': 1})"
        }
      }
      # A browser's socket carries its signed token in the query: random letters that may look like words. A question to
      # one's memories (q) is anybody's words: "oil & more" is no shell. Programs and known exploits are known by other
      # things, and not every such set can be told to look away.
      dynamic "preconfigured_waf_config" {
        for_each = rule.value.on != "" ? [true] : []
        content {
          exclusion {
            target_rule_set = rule.value.set
            request_query_param {
              operator = "EQUALS"
              value    = "token"
            }
            request_query_param {
              operator = "EQUALS"
              value    = "q"
            }
          }
        }
      }
    }
  }

  # The dealerships behind one partner share its addresses, and all of Twilio's texts and reports come from a few; what it
  # is refused it does not send again. Key and signature are checked by the function; a made-up one only gets a stranger
  # the higher limit.
  rule {
    priority    = 8000
    action      = "throttle"
    description = "Partners: programs that show an API key, and Twilio"
    match {
      expr {
        expression = "has(request.headers['x-api-key']) || has(request.headers['x-twilio-signature'])"
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.requests_per_minute.partners
        interval_sec = 60
      }
    }
  }

  # A whole dealership may sit behind one address.
  rule {
    priority    = 8010
    action      = "throttle"
    description = "Everybody else"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.requests_per_minute.people
        interval_sec = 60
      }
    }
  }

  # Google wants this rule to exist; the one above has decided before.
  rule {
    priority    = 2147483647
    action      = "allow"
    description = "The default rule"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = alltrue([for name, mode in var.firewall : contains(keys(local.rule_sets), name) && contains(["enforce", "preview", "off"], mode)])
      error_message = "var.firewall maps ${join(", ", keys(local.rule_sets))} to enforce, preview or off; it is ${jsonencode(var.firewall)}."
    }
  }
}
