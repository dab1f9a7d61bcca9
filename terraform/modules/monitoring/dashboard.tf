# One page from left to right as a message goes: calls, functions, bus, stores.

locals {
  charts = [
    { title = "Requests a second", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\"", align = "ALIGN_RATE", reduce = "REDUCE_SUM", by = ["resource.label.service_name"] },
    { title = "Failed requests a second", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\" metric.label.response_code_class=\"5xx\"", align = "ALIGN_RATE", reduce = "REDUCE_SUM", by = ["resource.label.service_name", "metric.label.response_code"] },
    { title = "95th percentile of answers, ms", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_latencies\"", align = "ALIGN_PERCENTILE_95", reduce = "REDUCE_MAX", by = ["resource.label.service_name"] },
    { title = "Instances", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/container/instance_count\"", align = "ALIGN_MAX", reduce = "REDUCE_SUM", by = ["resource.label.service_name"] },
    { title = "Starts, 95th percentile, ms", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/container/startup_latencies\"", align = "ALIGN_PERCENTILE_95", reduce = "REDUCE_MAX", by = ["resource.label.service_name"] },
    { title = "Memory used, 99th percentile", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/container/memory/utilizations\"", align = "ALIGN_PERCENTILE_99", reduce = "REDUCE_MAX", by = ["resource.label.service_name"] },
    { title = "Oldest waiting message, s", filter = "resource.type=\"pubsub_subscription\" metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" resource.label.subscription_id=monitoring.regex.full_match(\"${local.one_of.consumers}|${local.one_of.rows}\")", align = "ALIGN_MAX", reduce = "REDUCE_MAX", by = ["resource.label.subscription_id"] },
    { title = "Dead letters", filter = "resource.type=\"pubsub_subscription\" metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.label.subscription_id=monitoring.regex.full_match(\"${local.one_of.dead_letters}\")", align = "ALIGN_MAX", reduce = "REDUCE_SUM", by = ["resource.label.subscription_id"] },
    { title = "Published messages a second", filter = "resource.type=\"pubsub_topic\" metric.type=\"pubsub.googleapis.com/topic/send_message_operation_count\"", align = "ALIGN_RATE", reduce = "REDUCE_SUM", by = ["resource.label.topic_id"] },
    { title = "Firestore reads a second", filter = "resource.type=\"firestore.googleapis.com/Database\" metric.type=\"firestore.googleapis.com/document/read_ops_count\"", align = "ALIGN_RATE", reduce = "REDUCE_SUM", by = ["metric.label.type"] },
    { title = "Firestore writes a second", filter = "resource.type=\"firestore.googleapis.com/Database\" metric.type=\"firestore.googleapis.com/document/write_ops_count\"", align = "ALIGN_RATE", reduce = "REDUCE_SUM", by = ["metric.label.op"] },
    { title = "BigQuery: bytes billed", filter = "resource.type=\"global\" metric.type=\"bigquery.googleapis.com/query/scanned_bytes_billed\"", align = "ALIGN_RATE", reduce = "REDUCE_SUM", by = [] },
  ]
  columns = 3
  width   = 16
  height  = 14
}

resource "google_monitoring_dashboard" "product" {
  project = var.project
  dashboard_json = jsonencode({
    displayName = "AutoHaus C-OS (${var.environment})"
    mosaicLayout = {
      columns = local.columns * local.width
      tiles = [
        # Monitoring does not answer a position of 0; one that is sent would be a change in every plan.
        for number, chart in local.charts : merge(
          number % local.columns == 0 ? {} : { xPos = number % local.columns * local.width },
          number < local.columns ? {} : { yPos = floor(number / local.columns) * local.height },
          {
            width  = local.width
            height = local.height
            widget = {
              title = chart.title
              xyChart = {
                dataSets = [{
                  plotType = "LINE"
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = chart.filter
                      aggregation = merge(
                        { alignmentPeriod = "60s", perSeriesAligner = chart.align, crossSeriesReducer = chart.reduce },
                        length(chart.by) == 0 ? {} : { groupByFields = chart.by },
                      )
                    }
                  }
                }]
              }
            }
        })
      ]
    }
  })
}
