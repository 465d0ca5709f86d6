package io.millrace.schemas.store;

import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/** Turns a location from a message into a path that cannot leave the store. */
public final class StorePaths {

    private static final int MAX_CHARS = 1024;

    private StorePaths() {}

    /**
     * The path of {@code location} under {@code root}; it need not exist.
     *
     * @throws IllegalArgumentException if the location is null, empty, absolute or very long, holds a backslash or a
     *     control character, or leaves the root: by its name, or through a symbolic link inside of the root
     */
    public static Path resolve(Path root, @Nullable String location) {
        Path base = root.toAbsolutePath().normalize();
        try {
            if (location != null && isPortable(location) && !Path.of(location).isAbsolute()) {
                Path resolved = base.resolve(location).normalize();
                if (!resolved.equals(base) && resolved.startsWith(base) && staysInside(base, resolved)) {
                    return resolved;
                }
            }
        } catch (InvalidPathException | IOException e) {
            // Refused below, like every other location that names nothing inside the store.
        }
        throw new IllegalArgumentException("a location must be a relative path inside the store " + base + ", got "
                + (location == null ? "none" : LogSafe.quoted(location)));
    }

    private static boolean isPortable(String location) {
        return location.length() <= MAX_CHARS && location.indexOf('\\') < 0 && LogSafe.isPlain(location);
    }

    /** Follows the links in the part of the path that exists; the rest cannot be a link. */
    private static boolean staysInside(Path base, Path resolved) throws IOException {
        Path there = resolved;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            if (there.equals(base)) {
                return true;
            }
            there = Objects.requireNonNull(there.getParent(), "it is below the base");
        }
        return there.toRealPath().startsWith(base.toRealPath());
    }
}
