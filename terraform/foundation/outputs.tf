output "project_number" {
  description = "Number of the project; the functions' addresses hold it."
  value       = local.number
}

output "deployer" {
  description = "Account Cloud Build runs as: gcloud builds submit --service-account=…"
  value       = google_service_account.this["deployer"].name
}

output "bundles_bucket" {
  description = "Bucket of bundles and of the pipeline's uploads (--gcs-source-staging-dir=gs://…/source)."
  value       = google_storage_bucket.this["bundles"].name
}

output "files_bucket" {
  description = "Bucket of the dealerships' files."
  value       = google_storage_bucket.this["files"].name
}

output "exports_bucket" {
  description = "Bucket of exports."
  value       = google_storage_bucket.this["exports"].name
}

output "images" {
  description = "Repository of the service's and the job's images; its address: gcloud artifacts repositories describe, registryUri."
  value       = google_artifact_registry_repository.this["images"].id
}

output "secrets" {
  description = "Secrets that need a value before terraform/product is applied."
  value       = keys(google_secret_manager_secret.this)
}

output "vector_endpoint" {
  description = "Id of the vector index's endpoint; empty with vectors in Firestore."
  value       = one(google_vertex_ai_index_endpoint.memories[*].id)
}

output "alerts" {
  description = "Alert → title; docs/runbooks has a page for each."
  value       = module.monitoring.alerts
}

output "sign_in_key" {
  description = "Key a web page or an app names when somebody signs in (Identity Toolkit); it identifies the project and opens nothing."
  value       = google_identity_platform_config.this.client[0].api_key
  # The provider treats it as one.
  sensitive = true
}
