"""Measures proxies side by side: CPU per request, throughput and latency, one core for the proxy."""
