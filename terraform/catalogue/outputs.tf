output "functions" {
  description = "Every function as functions.json has it, with the id of its service account."
  value       = { for name, one in local.functions : name => merge(one, { account_id = local.account_ids[name] }) }
}

output "by_kind" {
  description = "Kind (http, event, schedule, job, service) → functions of that kind."
  value       = local.by_kind
}

output "accounts" {
  description = "Accounts that are no function's: id → meaning."
  value       = { for id, one in local.roles.accounts : id => one.meaning }
}

output "topics" {
  description = "Topic → event."
  value       = local.events
}

output "row_topics" {
  description = "Topic whose messages are rows → its table and the names of its BigQuery subscription."
  value       = local.row_topics
}

output "consumers" {
  description = "Function → its push subscription's name, topic, dead letters, deadline, attempts and back-off."
  value       = local.consumers
}

output "history" {
  description = "Pull subscription that keeps what a topic carried → topic."
  value       = local.history
}

output "dead_letters" {
  description = "Names of the dead-letter topics, each also the name of its pull subscription."
  value       = local.dead_letters
}

output "history_seconds" {
  description = "How long a history keeps messages."
  value       = local.history_seconds
}

output "dead_letter_seconds" {
  description = "How long dead letters are kept."
  value       = local.dead_letter_seconds
}

output "grants" {
  description = "Level (project, topic, subscription, dataset, bucket, secret, …) → grants: account, role, place."
  value       = local.grants
}

output "custom_roles" {
  description = "Id of a role of our own → title, reason and permissions."
  value       = local.roles.custom_roles
}

output "secrets" {
  description = "Credential → functions that read it."
  value = {
    for secret in distinct(flatten([for one in local.functions : one.secrets])) :
    secret => [for name, one in local.functions : name if contains(one.secrets, secret)]
  }
}

output "settings" {
  description = "Setting → variable, default and who sets it in the cloud."
  value       = local.settings
}

output "tables" {
  description = "Table → dataset, name, partition, clustering, retention, schema."
  value       = local.tables
}

output "datasets" {
  description = "Datasets of the warehouse."
  value       = toset([for table in local.tables : table.dataset])
}

output "indexes" {
  description = "Composite indexes and TTL fields of Firestore."
  value       = local.indexes
}

output "foundation_digest" {
  description = "Hash of what terraform/foundation makes of all this. It notes what it applied; the pipeline stops when a release needs another."
  value = sha256(jsonencode({
    accounts            = concat(keys(local.roles.accounts), values(local.account_ids))
    custom_roles        = local.roles.custom_roles
    grants              = local.grants
    topics              = keys(local.events)
    row_topics          = local.row_topics
    history             = local.history
    history_seconds     = local.history_seconds
    dead_letters        = local.dead_letters
    dead_letter_seconds = local.dead_letter_seconds
    secrets             = distinct(flatten([for one in local.functions : one.secrets]))
    tables              = local.tables
    indexes             = local.indexes
  }))
}
