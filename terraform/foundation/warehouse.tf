# BigQuery: the tables of sql/, written by Pub/Sub alone.

resource "google_bigquery_dataset" "this" {
  for_each = module.catalogue.datasets

  dataset_id                 = each.value
  description                = "Tables of sql/${each.value}."
  location                   = var.region
  delete_contents_on_destroy = false

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [terraform_data.services_known]
}

resource "google_bigquery_table" "this" {
  for_each = module.catalogue.tables

  dataset_id               = google_bigquery_dataset.this[each.value.dataset].dataset_id
  table_id                 = each.value.name
  description              = each.value.description
  schema                   = jsonencode(each.value.schema)
  clustering               = each.value.clustering
  require_partition_filter = each.value.partition != null
  deletion_protection      = true

  dynamic "time_partitioning" {
    for_each = each.value.partition != null ? [each.value.partition] : []

    content {
      field         = time_partitioning.value.field
      type          = time_partitioning.value.granularity
      expiration_ms = each.value.retention_days * 24 * 3600 * 1000
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
