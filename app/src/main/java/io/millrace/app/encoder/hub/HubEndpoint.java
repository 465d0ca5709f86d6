package io.millrace.app.encoder.hub;

import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.text.LogSafe;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The hub to download from, and the token for it. The token leaves this class only for the hub's own address. */
public final class HubEndpoint {

    private static final String ADDRESS = "HF_ENDPOINT";
    private static final String TOKEN = "HF_TOKEN";
    private static final String HUGGING_FACE = "https://huggingface.co";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern WORD = Pattern.compile("[\\x21-\\x7e]{1,1024}");

    private final URI base;
    private final Optional<String> token;

    private HubEndpoint(URI base, Optional<String> token) {
        this.base = base;
        this.token = token;
    }

    /**
     * Takes {@code HF_ENDPOINT}, by default Hugging Face itself, and {@code HF_TOKEN} from the environment.
     *
     * @throws ConfigException if one of them is malformed, or if the token would cross the network in the clear
     */
    public static HubEndpoint of(Map<String, String> environment) {
        String stated = environment.getOrDefault(ADDRESS, "").strip();
        URI base = base(stated.isEmpty() ? HUGGING_FACE : stated);
        String token = environment.getOrDefault(TOKEN, "").strip();
        if (token.isEmpty()) {
            return new HubEndpoint(base, Optional.empty());
        }
        if (!WORD.matcher(token).matches()) {
            throw new ConfigException(TOKEN + " must be one word of printable ASCII characters, as the hub shows it."
                    + " Its value is not printed here.");
        }
        if (base.getScheme().equals("http") && !THIS_MACHINE.contains(base.getHost())) {
            throw new ConfigException(ADDRESS + " must begin with https:// while " + TOKEN + " is set, got " + base
                    + ": the token would be readable on the way. Unset " + TOKEN + ", or use https.");
        }
        return new HubEndpoint(base, Optional.of(token));
    }

    private static URI base(String stated) {
        try {
            URI base = URI.create(stated.replaceFirst("/+$", ""));
            String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
            boolean plain =
                    base.getRawQuery() == null && base.getRawFragment() == null && base.getRawUserInfo() == null;
            if (Set.of("http", "https").contains(scheme) && base.getHost() != null && plain) {
                return URI.create(scheme + base.toString().substring(scheme.length()));
            }
        } catch (IllegalArgumentException e) {
            // The same advice, whatever is wrong with it.
        }
        throw new ConfigException(ADDRESS + " must be an address as " + HUGGING_FACE
                + ", without a user, a query or a fragment, got " + LogSafe.quoted(stated));
    }

    /** Where a file of a repository is. */
    URI file(RepositoryName repository, String revision, String name) {
        return URI.create(base + "/" + repository + "/resolve/" + encoded(revision) + "/" + encoded(name));
    }

    /** Where people look at a repository. */
    URI page(RepositoryName repository) {
        return URI.create(base + "/" + repository);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The token, if there is one and {@code target} is on this hub: same scheme, host and port. */
    Optional<String> tokenFor(URI target) {
        boolean own = base.getScheme().equalsIgnoreCase(target.getScheme())
                && base.getHost().equalsIgnoreCase(target.getHost())
                && port(base) == port(target);
        return own ? token : Optional.empty();
    }

    boolean hasToken() {
        return token.isPresent();
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    /** The address, without the token. */
    @Override
    public String toString() {
        return base.toString();
    }
}
