package io.millrace.app.encoder.hub;

import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/** One repository of a hub: asks what its files are, and fetches them. */
final class HubClient {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int MOST_TYPE_CHARS = 60;

    private final HubEndpoint endpoint;
    private final RepositoryName repository;
    private final HubFailures failures;
    private final HubRequests requests;
    private final Retries retries;

    HubClient(HubEndpoint endpoint, RepositoryName repository, String revision, HubRequests requests, Retries retries) {
        this.endpoint = endpoint;
        this.repository = repository;
        this.failures = new HubFailures(endpoint, repository, revision);
        this.requests = requests;
        this.retries = retries;
    }

    /** Describes a file that must be there. */
    HubFile require(String revision, String name) throws InterruptedException {
        return describe(revision, name, true).orElseThrow();
    }

    /** Describes a file; absent if the repository does not have it. */
    Optional<HubFile> find(String revision, String name) throws InterruptedException {
        return describe(revision, name, false);
    }

    private Optional<HubFile> describe(String revision, String name, boolean required) throws InterruptedException {
        return retries.run(named(name), () -> 0, () -> {
            Trail trail = requests.head(endpoint.file(repository, revision, name));
            if (!required && HubFailures.isMissingFile(trail)) {
                return Optional.empty();
            }
            failures.check(trail, name);
            return Optional.of(described(name, trail));
        });
    }

    private HubFile described(String name, Trail trail) {
        String commit = trail.first("X-Repo-Commit").orElse("");
        String etag = trail.first(HubRequests.LINKED_HASH)
                .or(() -> trail.last().headers().firstValue("ETag"))
                .orElse("");
        long bytes = trail.first("X-Linked-Size")
                .or(() -> trail.last().headers().firstValue("Content-Length"))
                .map(HubClient::size)
                .orElse(-1L);
        Optional<FileHash> hash = FileHash.of(etag);
        if (!COMMIT.matcher(commit).matches() || hash.isEmpty() || bytes < 0) {
            String type = trail.last().headers().firstValue("Content-Type").orElse("nothing");
            throw new DownloadException(
                    endpoint + " must state commit, hash and size of " + name + " of " + repository
                            + ", as the hub does in X-Repo-Commit, ETag and Content-Length, got an answer of "
                            + LogSafe.quoted(LogSafe.line(type, MOST_TYPE_CHARS))
                            + " without them. Is HF_ENDPOINT the address of a hub, and does no proxy answer with a page of its own?");
        }
        return new HubFile(name, commit, bytes, hash.get());
    }

    private String named(String file) {
        return file + " of " + repository + " from " + endpoint;
    }

    private static long size(String stated) {
        try {
            return Long.parseLong(stated.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * Fetches what is missing of a file.
     *
     * @param progress takes the number of bytes that are there, several times per second
     */
    void fetch(HubFile file, PartFile part, LongConsumer progress) throws InterruptedException {
        retries.run(named(file.name()), part::bytes, () -> {
            if (part.isWhole()) {
                return true;
            }
            // From the hub and not from the address of the last attempt, which is valid for a short time only.
            URI at = endpoint.file(repository, file.commit(), file.name());
            Trail trail = requests.get(at, part.headers(), part::body, () -> {
                progress.accept(part.bytes());
                return part.bytes();
            });
            PartFile.requireRange(trail.last());
            failures.check(trail, file.name());
            if (!part.isWhole()) {
                throw new IOException("the answer ended after " + part.bytes() + " of " + file.bytes() + " bytes");
            }
            return true;
        });
    }
}
