package io.millrace.ingest.decode;

import java.net.URI;
import java.time.Duration;

/**
 * The schema registry of the topics in {@code sources}.
 *
 * @param url its address up to and without {@code /schemas/ids}, such as {@code http://registry:8081}; default none
 * @param credentials {@code USER:PASSWORD} for HTTP basic authentication, as a reference such as <code>${env:NAME}</code>;
 *     default none
 * @param patience how long ingest retries while the registry is away before it stops; default 2 minutes
 */
public record RegistryConfig(String url, String credentials, Duration patience) {

    private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(2);

    public RegistryConfig {
        url = url == null ? "" : url;
        credentials = credentials == null ? "" : credentials;
        patience = patience == null ? DEFAULT_PATIENCE : patience;
        if (!url.isEmpty() && !isHttp(url)) {
            // Not shown: it may hold a password.
            throw new IllegalArgumentException(
                    "ingest.registry.url must be http://HOST:PORT or https://HOST:PORT, perhaps with a path, got something"
                            + " else. A user and a password belong in ingest.registry.credentials.");
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("ingest.registry.patience must not be negative, got " + patience);
        }
    }

    /** No registry. */
    public static RegistryConfig none() {
        return new RegistryConfig("", "", DEFAULT_PATIENCE);
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = URI.create(url);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return "RegistryConfig[url=" + url + ", patience=" + patience + "]";
    }
}
