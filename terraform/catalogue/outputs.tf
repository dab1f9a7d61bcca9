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

output "foundation_needs" {
  description = "What a release finds in place, one line each. The foundation notes the list it made; the pipeline stops when one is missing in it."
  value = sort(distinct(concat(
    [for id in concat(keys(local.roles.accounts), values(local.account_ids)) : "account ${id}"],
    [for name, one in local.roles.custom_roles : "role ${name} ${substr(sha256(jsonencode(one.permissions)), 0, 8)}"],
    flatten([for grants in local.grants : [for name in keys(grants) : "right ${name}"]]),
    [for topic in keys(local.events) : "topic ${topic}"],
    [for one in local.row_topics : "rows ${one.subscription} into ${one.table}"],
    [for subscription in keys(local.history) : "history ${subscription}"],
    [for name in local.dead_letters : "dead letters ${name}"],
    flatten([for one in local.functions : [for secret in one.secrets : "secret ${secret}"]]),
    # Another description is no other table.
    [
      for name, one in local.tables : "table ${name} ${substr(sha256(jsonencode([
        one.partition, one.clustering, [for column in one.schema : [column.name, column.type, try(column.mode, ""), try(column.fields, [])]],
      ])), 0, 8)}"
    ],
    [
      for one in local.indexes.composite :
      "index ${one.collection} ${one.scope} ${join(",", [for field in one.fields : "${field.path} ${try(field.order, field.array)}"])}"
    ],
    [
      for one in local.indexes.vector :
      "index ${one.collection} ${one.scope} ${join(",", [for field in one.fields : "${field.path} ${try(field.order, field.dimension)}"])}"
    ],
    [for one in local.indexes.ttl : "expiry ${one.collection_group}.${one.field}"],
    [for one in local.indexes.unindexed : "no index ${one.collection_group}.${one.field}"],
  )))
}
