package io.millrace.schemas;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Turns a location that came in a message into a path that cannot leave the store. */
public final class StorePaths {

    private StorePaths() {}

    /**
     * The path of {@code location} under {@code root}. It is compared by name: symbolic links inside the store are not
     * followed, they are the business of whoever owns the store.
     *
     * @throws IllegalArgumentException if the location is null, absolute, empty, or leaves the root
     */
    public static Path resolve(Path root, String location) {
        Path base = root.toAbsolutePath().normalize();
        try {
            if (location != null && !Path.of(location).isAbsolute()) {
                Path resolved = base.resolve(location).normalize();
                if (!resolved.equals(base) && resolved.startsWith(base)) {
                    return resolved;
                }
            }
        } catch (InvalidPathException e) {
            // Refused below, like every other location that names nothing inside the store.
        }
        throw new IllegalArgumentException(
                "a location must be a relative path inside the store " + base + ", got \"" + location + "\"");
    }
}
