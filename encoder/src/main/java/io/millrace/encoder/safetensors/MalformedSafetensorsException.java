package io.millrace.encoder.safetensors;

import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.schemas.text.LogSafe;

import java.nio.file.Path;

/** A safetensors file is malformed. */
public final class MalformedSafetensorsException extends UnusableCheckpointException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_PART_CHARS = 200;

    /** Both may quote the file, so they are cut: a header may have megabytes. */
    MalformedSafetensorsException(Path file, String expected, String got) {
        super(file + " is not a usable safetensors file: expected " + LogSafe.line(expected, MAX_PART_CHARS) + ", got "
                + LogSafe.line(got, MAX_PART_CHARS));
    }
}
