package io.millrace.app.page;

import com.sun.net.httpserver.Headers;
import io.millrace.app.config.MetricsConfig;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which requests come from the page itself. A page on the web that a user of this machine visits can send requests to 127.0.0.1
 * as well, and with a name that resolves to it ("DNS rebinding") it could even read the answers: so on a loopback address only the names
 * of that address are served, and a POST must come from the page's own origin.
 */
final class RequestGuard {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final boolean loopback;
    private final String host;

    /**
     * A guard of an endpoint.
     *
     * @param host address that the endpoint listens on
     */
    RequestGuard(String host) {
        this.host = host.toLowerCase(Locale.ROOT);
        this.loopback = MetricsConfig.isLoopback(host);
    }

    /** Why a request is refused; empty if it is not. */
    Optional<String> refuses(Headers headers) {
        String name = nameIn(headers.getFirst("Host"));
        if (loopback && !LOOPBACK_NAMES.contains(name) && !name.equals(host)) {
            return Optional.of("this page answers to localhost and 127.0.0.1, not to the host of this request");
        }
        return Optional.empty();
    }

    /** Why a POST is refused; empty if it is not. */
    Optional<String> refusesPost(Headers headers) {
        String type = headers.getFirst("Content-Type");
        if (type == null
                || !type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json")) {
            return Optional.of("the content type must be application/json");
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin")) {
            return Optional.of("the request must come from this page");
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !authorityOf(origin).equals(headers.getFirst("Host"))) {
            return Optional.of("the request must come from this page");
        }
        return Optional.empty();
    }

    /** The host without its port, in lower case. */
    private static String nameIn(@Nullable String hostHeader) {
        if (hostHeader == null) {
            return "";
        }
        int port = hostHeader.lastIndexOf(':');
        boolean hasPort = port > hostHeader.lastIndexOf(']');
        return (hasPort ? hostHeader.substring(0, port) : hostHeader).toLowerCase(Locale.ROOT);
    }

    private static String authorityOf(String origin) {
        try {
            String authority = new URI(origin).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
