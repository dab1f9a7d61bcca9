variable "service" {
  description = "The service as the catalogue has it."
  type = object({
    deployed_name   = string
    meaning         = string
    secrets         = list(string)
    memory_mib      = number
    cpu             = number
    timeout_seconds = number
    concurrency     = number
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
  description = "Who may call it, as an IAM member."
  type        = string
}

variable "environment" {
  description = "Its environment variables."
  type        = map(string)
}

variable "scaling" {
  description = "Instances kept and allowed."
  type        = object({ min_instances = number, max_instances = number })
}

variable "image" {
  description = "Its image, by digest."
  type        = string
}
