variable "job" {
  description = "The job as the catalogue has it."
  type = object({
    deployed_name   = string
    secrets         = list(string)
    memory_mib      = number
    cpu             = number
    timeout_seconds = number
  })
}

variable "region" {
  description = "Where it runs."
  type        = string
}

variable "account" {
  description = "E-mail of the service account it runs as."
  type        = string
}

variable "invoker" {
  description = "Who may start it, as an IAM member."
  type        = string
}

variable "environment" {
  description = "Its environment variables."
  type        = map(string)
}

variable "image" {
  description = "Its image, by digest."
  type        = string
}
