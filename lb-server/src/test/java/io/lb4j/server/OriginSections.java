package io.lb4j.server;

/** The sections that users of the load balancer before this one have in their files, as they stand there. */
public final class OriginSections {
    /** HTTP/3. */
    public static final String HTTP3 = """
            http3:
              enabled: true
              port: 443
              cert_file: "./certs/server.crt"
              key_file: "./certs/server.key"
              max_stream_timeout: 30s
              max_idle_timeout: 300s
              max_incoming_streams: 1000
              max_incoming_uni_streams: 100
              keep_alive: true
              enable_datagrams: true
            """;

    /** Certificates by ACME. */
    public static final String LETS_ENCRYPT = """
            lets_encrypt:
              enabled: true
              email: "admin@example.com"
              domains: ["api.example.com", "lb.example.com"]
              challenge_type: "http"
              dns_provider: "cloudflare"
              storage_path: "./certs"
              key_type: "ec256"        # rsa2048, rsa4096, ec256, ec384
              renewal_days: 30
              test_mode: false
            """;

    /** Plugins, two of them of WebAssembly. */
    public static final String PLUGINS = """
            plugins:
              enabled: true
              wasm_plugins:
                - name: "custom-auth"
                  path: "./plugins/auth.wasm"
                  priority: 100
                  enabled: true
                  paths: ["/api/v1/*"]
                  methods: ["GET", "POST"]
                  config:
                    jwt_secret: "secret"
                    token_header: "Authorization"
                - name: "rate-limiter"
                  path: "./plugins/ratelimit.wasm"
                  priority: 90
                  enabled: true
                  config:
                    requests_per_minute: 100
                    burst_size: 10
            """;

    private OriginSections() {}
}
