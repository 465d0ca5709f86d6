package io.millrace.app.config;

/**
 * Where a process offers its metrics and its health.
 *
 * @param host address to listen on; default 127.0.0.1
 * @param port port to listen on, 0 for any free one; default 9404
 */
public record MetricsConfig(String host, Integer port) {

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 9404;
    private static final int MAX_PORT = 65_535;

    public MetricsConfig {
        host = host == null ? DEFAULT_HOST : host;
        port = port == null ? DEFAULT_PORT : port;
        if (host.isBlank()) {
            throw new IllegalArgumentException("metrics.host must be a host name or an address, got \"" + host + "\"");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("metrics.port must be in [0, " + MAX_PORT + "], got " + port);
        }
    }

    /** The values of a configuration without the key {@code metrics}. */
    static MetricsConfig defaults() {
        return new MetricsConfig(DEFAULT_HOST, DEFAULT_PORT);
    }
}
