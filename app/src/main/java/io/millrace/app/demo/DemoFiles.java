package io.millrace.app.demo;

import io.millrace.app.produce.ProbeFile;
import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.store.AtomicFile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that ship with the demo: the stream, the probe sets and the encoder. */
public final class DemoFiles {

    /** The task of its configuration. */
    public static final String TASK = "intent";

    /** This many examples come from five domains; then five new domains join them. */
    static final int EXAMPLES_BEFORE_SHIFT = 5025;

    /** Name of its configuration file. */
    public static final String CONFIG = "millrace.yaml";

    private static final String STREAM = "clinc-shift-stream.jsonl.gz";

    private static final List<String> ENCODER =
            List.of("encoder/config.json", "encoder/model.safetensors", "encoder/tokenizer.json", "encoder/README.md");

    private static final List<ProbeFile> PROBE_SETS = List.of(
            new ProbeFile(TASK, "known", Distribution.IN_DISTRIBUTION),
            new ProbeFile(TASK, "typos", Distribution.OUT_OF_DISTRIBUTION),
            new ProbeFile(TASK, "new", Distribution.OUT_OF_DISTRIBUTION));

    private DemoFiles() {}

    /** The stream, from its first line. */
    public static ByteLines stream() throws IOException {
        return lines("stream");
    }

    /** The probe sets, each to be read with {@link #lines}. */
    public static List<ProbeFile> probeSets() {
        return PROBE_SETS;
    }

    /** The lines of the stream or of a probe set, by its name. */
    public static ByteLines lines(String name) throws IOException {
        String file = "clinc-shift-" + name + ".jsonl.gz";
        return ByteLines.of(file, open(file));
    }

    /** Puts the encoder into {@code directory/encoder}, where the configuration expects it. */
    public static void unpackEncoder(Path directory) throws IOException {
        AtomicFile.deleteLeftovers(directory.resolve("encoder"));
        for (String file : ENCODER) {
            unpack(file, directory.resolve(file));
        }
    }

    /** Puts the stream into {@code directory}, and returns its file: JSON lines, gzipped. */
    public static Path unpackStream(Path directory) throws IOException {
        Path file = directory.resolve(STREAM);
        unpack(STREAM, file);
        return file;
    }

    /** A file of the demo, by its name. */
    public static InputStream open(String name) {
        InputStream in = DemoFiles.class.getResourceAsStream(name);
        if (in == null) {
            throw new UncheckedIOException(new IOException("this build lacks the demo's file " + name));
        }
        return in;
    }

    /** Copies once, and whole: a start that was killed here leaves no half file behind. */
    private static void unpack(String name, Path target) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        try (InputStream in = open(name)) {
            AtomicFile.write(target, in);
        }
    }
}
