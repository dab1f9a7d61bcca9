# What is in place. It is noted after everything a release may need: the pipeline compares it with what the release needs,
# and stops with a sentence instead of failing in the middle.

resource "google_storage_bucket_object" "applied" {
  bucket       = google_storage_bucket.this["bundles"].name
  name         = "foundation/applied.json"
  content      = jsonencode(module.catalogue.foundation_needs)
  content_type = "application/json"

  depends_on = [
    google_project_iam_member.account,
    google_project_iam_member.sources,
    google_project_iam_member.pubsub_takes_what_it_gives_up,
    google_pubsub_topic_iam_member.pubsub_gives_up,
    google_service_account_iam_member.acting,
    google_service_account_iam_member.pubsub_signs_as_push,
    google_storage_bucket_iam_member.user,
    google_storage_bucket_iam_member.state,
    google_storage_bucket_iam_member.state_names,
    google_storage_bucket_iam_member.vertex_reads_files,
    google_artifact_registry_repository_iam_member.writer,
    google_secret_manager_secret_iam_member.reader,
    google_bigquery_dataset_iam_member.reader,
    google_pubsub_topic_iam_member.publisher,
    google_pubsub_subscription_iam_member.operator,
    google_pubsub_subscription.history,
    google_pubsub_subscription.dead_letters,
    google_pubsub_subscription.rows,
    google_bigquery_table.this,
    google_firestore_index.this,
    google_firestore_index.vector,
    google_firestore_field.not_indexed,
    google_firestore_field.ttl,
  ]
}
