package io.millrace.encoder;

import java.nio.file.Path;

/** A safetensors file does not hold what it must. */
public final class MalformedSafetensorsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedSafetensorsException(Path file, String expected, String got) {
        super(file + " is not a usable safetensors file: expected " + expected + ", got " + got);
    }
}
