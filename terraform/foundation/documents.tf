# Firestore: the database, the indexes the code's queries need, what expires, who may read directly, backups.

resource "google_firestore_database" "this" {
  name                              = "(default)"
  location_id                       = var.region
  type                              = "FIRESTORE_NATIVE"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON"

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [terraform_data.services_known]
}

resource "google_firestore_index" "this" {
  for_each = {
    for index in module.catalogue.indexes.composite :
    join(" ", concat([index.collection, index.scope], [for field in index.fields : "${field.path} ${try(field.order, field.array)}"])) => index
  }

  database    = google_firestore_database.this.name
  collection  = each.value.collection
  query_scope = each.value.scope

  dynamic "fields" {
    for_each = each.value.fields

    content {
      field_path   = fields.value.path
      order        = try(fields.value.order, null)
      array_config = try(fields.value.array, null)
    }
  }
}

# The nearest of what one person had us remember: exact among the vectors that the equal fields leave.
resource "google_firestore_index" "vector" {
  for_each = {
    for index in module.catalogue.indexes.vector :
    join(" ", concat([index.collection, index.scope], [for field in index.fields : "${field.path} ${try(field.order, field.dimension)}"])) => index
  }

  database    = google_firestore_database.this.name
  collection  = each.value.collection
  query_scope = each.value.scope

  dynamic "fields" {
    for_each = each.value.fields

    content {
      field_path = fields.value.path
      order      = try(fields.value.order, null)

      dynamic "vector_config" {
        for_each = can(fields.value.dimension) ? [fields.value.dimension] : []

        content {
          dimension = vector_config.value

          flat {}
        }
      }
    }
  }
}

locals {
  ending      = { for one in module.catalogue.indexes.ttl : "${one.collection_group} ${one.field}" => one }
  not_indexed = { for one in module.catalogue.indexes.unindexed : "${one.collection_group} ${one.field}" => one }
}

# Nobody asks for documents by their end, and an index on a time that only grows would slow down every write.
resource "google_firestore_field" "ttl" {
  for_each = local.ending

  database   = google_firestore_database.this.name
  collection = each.value.collection_group
  field      = each.value.field

  ttl_config {}
  index_config {}
}

# Large values nobody asks by: Firestore would index every part of them, and refuses a document with too many.
resource "google_firestore_field" "not_indexed" {
  for_each = { for key, one in local.not_indexed : key => one if !contains(keys(local.ending), key) }

  database   = google_firestore_database.this.name
  collection = each.value.collection_group
  field      = each.value.field

  index_config {}
}

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.this.name
  retention = "${14 * 24 * 3600}s"

  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.this.name
  retention = "${14 * 7 * 24 * 3600}s"

  weekly_recurrence {
    day = "SUNDAY"
  }
}

resource "google_firebaserules_ruleset" "firestore" {
  source {
    files {
      name    = "firestore.rules"
      content = file("${path.module}/../firestore.rules")
    }
  }

  # The release lets go of the old rules only when it has the new ones.
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_firestore_database.this]
}

resource "google_firebaserules_release" "firestore" {
  name         = "cloud.firestore"
  ruleset_name = "projects/${var.project}/rulesets/${basename(google_firebaserules_ruleset.firestore.name)}"
}
