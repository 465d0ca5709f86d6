package io.millrace.app.encoder.hub;

import io.millrace.schemas.text.LogSafe;

import java.util.regex.Pattern;

/**
 * The name of a repository on the hub: {@code ORG/NAME}, or {@code NAME} alone for a few old ones.
 *
 * @param full as the hub's addresses have it
 */
public record RepositoryName(String full) {

    private static final int MOST_CHARS = 96;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?");

    /**
     * Checks the name by the hub's rules, so that it can be part of an address and of a path.
     *
     * @throws IllegalArgumentException if it is none
     */
    public RepositoryName {
        String[] parts = full.split("/", -1);
        boolean named = full.length() <= MOST_CHARS && parts.length <= 2;
        for (String part : parts) {
            named &= PART.matcher(part).matches() && !part.contains("..") && !part.contains("--");
        }
        if (!named) {
            throw new IllegalArgumentException(
                    "a repository must be named as ORG/NAME, of letters, digits, dots, dashes"
                            + " and underscores, got " + LogSafe.quoted(full));
        }
    }

    /** The name without the organisation. */
    public String name() {
        return full.substring(full.indexOf('/') + 1);
    }

    @Override
    public String toString() {
        return full;
    }
}
