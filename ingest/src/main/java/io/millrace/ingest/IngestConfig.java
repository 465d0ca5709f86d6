package io.millrace.ingest;

import io.millrace.ingest.decode.RegistryConfig;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How ingest treats the {@code examples} topic.
 *
 * @param stateDir directory of the state stores, which no other process may use; default {@code
 *     ./millrace-data/streams}
 * @param deduplicationWindow how long an id and a content are remembered after they were first seen; default 24 h
 * @param maxRecordBytes longest value that is read; a longer one is rejected; at most 31 MiB, default 1 MiB
 * @param registry the schema registry of the topics in {@code sources}
 */
public record IngestConfig(
        Path stateDir, Duration deduplicationWindow, Integer maxRecordBytes, RegistryConfig registry) {

    /** The producer holds a record in its buffer, by default of 32 MiB. */
    private static final int MAX_RECORD_BYTES = 31 << 20;

    private static final IngestConfig DEFAULTS =
            new IngestConfig(Path.of("millrace-data", "streams"), Duration.ofHours(24), 1 << 20);

    /** Without a schema registry. */
    public IngestConfig(Path stateDir, Duration deduplicationWindow, Integer maxRecordBytes) {
        this(stateDir, deduplicationWindow, maxRecordBytes, RegistryConfig.none());
    }

    public IngestConfig {
        registry = registry == null ? RegistryConfig.none() : registry;
        stateDir = stateDir == null ? DEFAULTS.stateDir : stateDir;
        deduplicationWindow = deduplicationWindow == null ? DEFAULTS.deduplicationWindow : deduplicationWindow;
        maxRecordBytes = maxRecordBytes == null ? DEFAULTS.maxRecordBytes : maxRecordBytes;
        if (deduplicationWindow.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "ingest.deduplicationWindow must be a positive duration, got " + deduplicationWindow);
        }
        if (maxRecordBytes < 1 || maxRecordBytes > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException(
                    "ingest.maxRecordBytes must be from 1 to " + MAX_RECORD_BYTES + ", got " + maxRecordBytes);
        }
    }

    /** The same with its state stores in another directory. */
    public IngestConfig in(Path otherDir) {
        return new IngestConfig(otherDir, deduplicationWindow, maxRecordBytes, registry);
    }

    /** Every setting at its default. */
    public static IngestConfig defaults() {
        return DEFAULTS;
    }
}
