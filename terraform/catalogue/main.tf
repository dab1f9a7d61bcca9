# What the code says, as maps for both roots. No provider: `terraform -chdir=terraform/catalogue console` shows all of it.
# ../derived/*.json is written by `make docs`; nothing of it is repeated here.

terraform {
  required_version = ">= 1.9"
}

locals {
  derived   = "${path.module}/../derived"
  functions = jsondecode(file("${local.derived}/functions.json"))
  events    = jsondecode(file("${local.derived}/events.json"))
  tables    = jsondecode(file("${local.derived}/tables.json"))
  ports     = jsondecode(file("${local.derived}/ports.json"))
  settings  = jsondecode(file("${local.derived}/settings.json"))
  indexes   = jsondecode(file("${local.derived}/indexes.json"))
  roles     = yamldecode(file("${path.module}/../roles.yaml"))

  # How long Pub/Sub keeps messages for operators. Shorter than the marks of what is done (14 days), so a replay doubles
  # nothing; a dead letter as long as Pub/Sub can, which is also how long its reason is kept.
  history_seconds     = 7 * 24 * 3600
  dead_letter_seconds = 31 * 24 * 3600

  # A service account's id has 6 to 30 characters; some functions have shorter names.
  account_ids = { for name, one in local.functions : name => "fn-${one.deployed_name}" }

  by_kind = {
    for kind in ["http", "event", "schedule", "job", "service"] :
    kind => { for name, one in local.functions : name => one if one.kind == kind }
  }

  # One push subscription for each function that subscribes, named like the function: by this name the runtime
  # recognises a replay and finds the reason of a dead letter.
  consumers = {
    for name, one in local.by_kind.event : name => {
      subscription         = name
      topic                = one.subscribes
      dead_letters         = "${name}--dead-letters"
      in_order             = local.events[one.subscribes].in_order
      ack_deadline_seconds = max(10, one.timeout_seconds)
      max_attempts         = one.max_attempts
      min_backoff          = "${one.min_backoff_seconds}s"
      max_backoff          = "${one.max_backoff_seconds}s"
    }
  }

  row_topics = {
    for topic, event in local.events : topic => {
      subscription = "${topic}--warehouse"
      dead_letters = "${topic}--warehouse--dead-letters"
      table        = event.table
      dataset      = local.tables[event.table].dataset
      table_id     = local.tables[event.table].name
    } if event.table != null
  }

  history      = { for topic in keys(local.events) : "${topic}--history" => topic }
  dead_letters = toset(concat([for one in local.consumers : one.dead_letters], [for one in local.row_topics : one.dead_letters]))
}
