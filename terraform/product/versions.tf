terraform {
  required_version = ">= 1.9"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }
  # Bucket and prefix come from the command line, so one tree serves every project.
  backend "gcs" {}
}

provider "google" {
  project        = var.project
  region         = var.region
  default_labels = { product = "autohaus-c-os", environment = var.environment }
}
