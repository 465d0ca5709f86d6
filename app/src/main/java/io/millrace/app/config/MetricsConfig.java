package io.millrace.app.config;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/**
 * Where a process offers its metrics, its health and its page.
 *
 * @param host address to listen on; default 127.0.0.1
 * @param port port to listen on, 0 for any free one; by default 9404, of a trainer 9405 and of an evaluator 9406, so that all three
 *     can run on one machine
 * @param page when the page is served; default loopback
 */
public record MetricsConfig(String host, @Nullable Integer port, PageAccess page) {

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 9404;
    private static final int MAX_PORT = 65_535;

    /** Default ports of services that differ from {@value #DEFAULT_PORT}. */
    private static final Map<String, Integer> OWN_PORTS = Map.of("trainer", 9405, "evaluator", 9406);

    public MetricsConfig {
        host = host == null ? DEFAULT_HOST : host;
        page = page == null ? PageAccess.LOOPBACK : page;
        if (host.isBlank()) {
            throw new IllegalArgumentException("metrics.host must be a host name or an address, got \"" + host + "\"");
        }
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new IllegalArgumentException("metrics.port must be in [0, " + MAX_PORT + "], got " + port);
        }
    }

    /** The values of a configuration without the key {@code metrics}. */
    static MetricsConfig defaults() {
        return new MetricsConfig(DEFAULT_HOST, null, PageAccess.LOOPBACK);
    }

    /** The same with another port. */
    public MetricsConfig withPort(int other) {
        return new MetricsConfig(host, other, page);
    }

    /** The same with the default port of a service, if none is configured. */
    public MetricsConfig of(String service) {
        return port == null ? withPort(OWN_PORTS.getOrDefault(service, DEFAULT_PORT)) : this;
    }

    /** The port to listen on. */
    public int listenPort() {
        return port == null ? DEFAULT_PORT : port;
    }

    /** Whether the page is served. */
    public boolean servesPage() {
        return switch (page) {
            case LOOPBACK -> isLoopback(host);
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    /** Whether an address is reached from this machine alone. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
