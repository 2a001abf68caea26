"""Which types of Terraform's resources are CIs: their class, and which attributes are worth keeping.

Only what is named here is read, so a secret cannot slip through; whatever the state marks as sensitive is left out too.
"""

from dataclasses import dataclass

MACHINE, DATABASE, BALANCER = "virtual-machine", "database", "load-balancer"
STORE, CLUSTER, NETWORK, WORKLOAD = "object-store", "cluster", "network", "workload"
QUEUE, FUNCTION, RESOURCE = "queue", "function", "cloud-resource"
# Where a resource says how it is called and which version it has; the first that is there counts.
NAMES = ("identifier", "name", "cluster_identifier", "cluster_id", "bucket", "function_name", "replication_group_id")
VERSIONS = ("engine_version_actual", "engine_version", "kubernetes_version", "database_version", "version", "runtime")
# Kept of each resource that has it.
COMMON = ("id", "arn", "region", "location", "zone", "availability_zone")


@dataclass(frozen=True)
class Kind:
    ci_class: str
    attributes: tuple[str, ...]


def _kind(ci_class: str, attributes: str = "") -> Kind:
    return Kind(ci_class, tuple(attributes.split()))


KINDS = {
    "aws_instance": _kind(MACHINE, "ami instance_type private_ip private_dns public_ip"),
    "aws_db_instance": _kind(DATABASE, "engine instance_class allocated_storage multi_az address port"),
    "aws_rds_cluster": _kind(DATABASE, "engine endpoint reader_endpoint port database_name"),
    "aws_rds_cluster_instance": _kind(DATABASE, "engine instance_class endpoint"),
    "aws_dynamodb_table": _kind(DATABASE, "billing_mode hash_key"),
    "aws_elasticache_cluster": _kind(DATABASE, "engine node_type num_cache_nodes"),
    "aws_elasticache_replication_group": _kind(DATABASE, "node_type primary_endpoint_address"),
    "aws_lb": _kind(BALANCER, "dns_name internal load_balancer_type ip_address_type"),
    "aws_alb": _kind(BALANCER, "dns_name internal load_balancer_type ip_address_type"),
    "aws_elb": _kind(BALANCER, "dns_name internal"),
    "aws_s3_bucket": _kind(STORE, "bucket_domain_name"),
    "aws_eks_cluster": _kind(CLUSTER, "endpoint platform_version"),
    "aws_ecs_cluster": _kind(CLUSTER),
    "aws_ecs_service": _kind(WORKLOAD, "desired_count launch_type"),
    "aws_lambda_function": _kind(FUNCTION, "handler memory_size timeout"),
    "aws_sqs_queue": _kind(QUEUE, "fifo_queue url"),
    "aws_sns_topic": _kind(QUEUE, "fifo_topic"),
    "aws_vpc": _kind(NETWORK, "cidr_block"),
    "aws_subnet": _kind(NETWORK, "cidr_block vpc_id"),
    "google_compute_instance": _kind(MACHINE, "machine_type project cpu_platform"),
    "google_sql_database_instance": _kind(DATABASE, "project connection_name first_ip_address"),
    "google_storage_bucket": _kind(STORE, "project storage_class url"),
    "google_container_cluster": _kind(CLUSTER, "project endpoint master_version"),
    "google_compute_network": _kind(NETWORK, "project"),
    "google_compute_subnetwork": _kind(NETWORK, "project ip_cidr_range"),
    "google_compute_forwarding_rule": _kind(BALANCER, "project ip_address port_range"),
    "google_compute_global_forwarding_rule": _kind(BALANCER, "project ip_address port_range"),
    "google_cloud_run_service": _kind(WORKLOAD, "project"),
    "google_cloudfunctions_function": _kind(FUNCTION, "project entry_point"),
    "google_pubsub_topic": _kind(QUEUE, "project"),
    "google_redis_instance": _kind(DATABASE, "project tier memory_size_gb host port"),
    "azurerm_linux_virtual_machine": _kind(MACHINE, "resource_group_name size private_ip_address public_ip_address"),
    "azurerm_windows_virtual_machine": _kind(MACHINE, "resource_group_name size private_ip_address public_ip_address"),
    "azurerm_virtual_machine": _kind(MACHINE, "resource_group_name vm_size"),
    "azurerm_postgresql_flexible_server": _kind(DATABASE, "resource_group_name fqdn sku_name storage_mb"),
    "azurerm_mssql_server": _kind(DATABASE, "resource_group_name fully_qualified_domain_name"),
    "azurerm_mssql_database": _kind(DATABASE, "sku_name max_size_gb"),
    "azurerm_storage_account": _kind(STORE, "resource_group_name account_tier account_replication_type"),
    "azurerm_lb": _kind(BALANCER, "resource_group_name sku private_ip_address"),
    "azurerm_kubernetes_cluster": _kind(CLUSTER, "resource_group_name fqdn node_resource_group"),
    "azurerm_virtual_network": _kind(NETWORK, "resource_group_name address_space"),
    "azurerm_subnet": _kind(NETWORK, "resource_group_name address_prefixes"),
    "azurerm_linux_web_app": _kind(WORKLOAD, "resource_group_name default_hostname"),
    "azurerm_servicebus_queue": _kind(QUEUE, "max_size_in_megabytes"),
    "kubernetes_deployment": _kind(WORKLOAD),
    "kubernetes_stateful_set": _kind(WORKLOAD),
    "kubernetes_daemonset": _kind(WORKLOAD),
    "kubernetes_cron_job": _kind(WORKLOAD),
    "kubernetes_service": _kind(BALANCER),
    "kubernetes_ingress": _kind(BALANCER),
    "kubernetes_namespace": _kind(CLUSTER),
}
VERSIONED = ("_v1", "_v2", "_v1beta1")
# Resources of these providers can be taken in as well, when that is asked for; never those that hold secrets.
PROVIDERS = (
    "aws_",
    "google_",
    "azurerm_",
    "kubernetes_",
    "helm_",
    "openstack_",
    "vsphere_",
    "hcloud_",
    "digitalocean_",
)
SECRETIVE = ("secret", "password", "credential", "token", "_key", "certificate")


def kind_of(type_: str, *, others: bool) -> Kind | None:
    """None for what is no CI. `kubernetes_deployment_v1` is a `kubernetes_deployment`."""
    plain = next((type_.removesuffix(end) for end in VERSIONED if type_.endswith(end)), type_)
    if found := KINDS.get(plain):
        return found
    taken = others and type_.startswith(PROVIDERS) and not any(word in type_ for word in SECRETIVE)
    return Kind(RESOURCE, ()) if taken else None
