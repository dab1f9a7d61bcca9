variable "name" {
  description = "Name of the address and the certificate map; terraform/product finds them by it."
  type        = string
}

variable "domain" {
  description = "The host name people and partners reach the product by."
  type        = string
}
