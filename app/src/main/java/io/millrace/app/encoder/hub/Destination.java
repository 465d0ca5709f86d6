package io.millrace.app.encoder.hub;

import com.fasterxml.jackson.core.JacksonException;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory of a download. {@code origin.json} in it says where its files are from, and with which commit an interrupted
 * download resumes, wherever its branch is by then.
 *
 * @param directory where the files go
 * @param wanted what was asked for
 */
record Destination(Path directory, Origin wanted) {

    static final String ORIGIN = "origin.json";

    /**
     * Where files are from.
     *
     * @param repository name of the repository
     * @param revision as it was asked for
     * @param commit the commit that this was at the start; empty before
     */
    record Origin(String repository, String revision, String commit) {}

    /**
     * The commit of an earlier start, if there was one.
     *
     * @throws DownloadException if the directory holds anything else
     */
    Optional<String> begun() throws IOException {
        Path file = directory.resolve(ORIGIN);
        if (!Files.exists(file)) {
            requireEmpty();
            return Optional.empty();
        }
        Origin origin = read(file);
        if (!origin.repository().equals(wanted.repository())
                || !origin.revision().equals(wanted.revision())) {
            throw new DownloadException(directory + " holds " + LogSafe.quoted(origin.repository()) + " at revision "
                    + LogSafe.quoted(origin.revision()) + ", not " + wanted.repository() + " at revision "
                    + LogSafe.quoted(wanted.revision()) + ". Give another --output.");
        }
        return Optional.of(origin.commit());
    }

    private static Origin read(Path file) throws IOException {
        try {
            Origin origin = Json.mapper().readValue(file.toFile(), Origin.class);
            if (origin != null && origin.commit() != null && origin.commit().matches("[0-9a-f]{40}")) {
                return origin;
            }
        } catch (JacksonException e) {
            throw unreadable(file, e);
        }
        throw unreadable(file, null);
    }

    private static DownloadException unreadable(Path file, @Nullable Exception cause) {
        return new DownloadException(
                file + " must say which download it is of, got something else. Give another --output.", cause);
    }

    private void requireEmpty() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new DownloadException(directory + " must be a new or empty directory, or one that a download of"
                        + " the same encoder has begun. Give another --output.");
            }
        }
    }

    /** Notes the commit that all files are to be of. */
    void begin(String commit) throws IOException {
        AtomicFile.write(
                directory.toAbsolutePath().resolve(ORIGIN),
                Json.write(new Origin(wanted.repository(), wanted.revision(), commit)) + "\n");
    }

    /** Whether a file is there, with the hash that the hub states. */
    boolean holds(HubFile file) throws IOException {
        Path path = directory.resolve(file.name());
        if (!Files.exists(path)) {
            return false;
        }
        if (Files.size(path) == file.bytes() && file.hash().matches(path)) {
            return true;
        }
        throw new DownloadException(path + " must have the " + file.hash().kind() + " "
                + file.hash().hex()
                + " that the hub states, got another: it was changed after the download. Move it away, or give another"
                + " --output.");
    }

    /** Bytes that are still to be fetched of a file. */
    long missingBytes(HubFile file) throws IOException {
        if (Files.exists(directory.resolve(file.name()))) {
            return 0;
        }
        Path part = PartFile.path(directory, file);
        return file.bytes() - (Files.exists(part) ? Math.min(Files.size(part), file.bytes()) : 0);
    }
}
