# The vector index of larger installations. It runs, and is paid for, always; so it is made on request.

locals {
  has_index = var.vectors == "vertex" ? 1 : 0
}

resource "google_vertex_ai_index" "memories" {
  count = local.has_index

  region              = var.region
  display_name        = "memories"
  description         = "Vectors of what the product remembers, all dealerships, told apart by a restrict on tenant_id."
  index_update_method = "STREAM_UPDATE"

  metadata {
    config {
      dimensions                  = var.vector_dimensions
      approximate_neighbors_count = 50
      shard_size                  = "SHARD_SIZE_SMALL"
      distance_measure_type       = "DOT_PRODUCT_DISTANCE"

      algorithm_config {
        tree_ah_config {
          leaf_node_embedding_count    = 500
          leaf_nodes_to_search_percent = 10
        }
      }
    }
  }

  depends_on = [terraform_data.services_known]
}

resource "google_vertex_ai_index_endpoint" "memories" {
  count = local.has_index

  region                  = var.region
  display_name            = "memories"
  description             = "Where functions ask; reached by its public name with a token."
  public_endpoint_enabled = true

  depends_on = [terraform_data.services_known]
}

resource "google_vertex_ai_index_endpoint_deployed_index" "memories" {
  count = local.has_index

  region            = var.region
  index_endpoint    = google_vertex_ai_index_endpoint.memories[0].id
  index             = google_vertex_ai_index.memories[0].id
  deployed_index_id = "memories"
  display_name      = "memories"

  dedicated_resources {
    machine_spec {
      machine_type = "e2-standard-2"
    }
    min_replica_count = 1
    max_replica_count = 2
  }
}
