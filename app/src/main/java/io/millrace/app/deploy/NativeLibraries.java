package io.millrace.app.deploy;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.tokens.TextTokenizer;

import java.nio.file.Path;

/**
 * Opens an encoder on the CPU and ends. The first start of anything with native libraries unpacks them to {@code DJL_CACHE_DIR}:
 * the container image does that while it is built, so that its containers need no place to write them to.
 */
public final class NativeLibraries {

    private NativeLibraries() {}

    /** Takes the directory of the encoder. */
    public static void main(String[] args) {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(Path.of(args[0]));
        try (TextTokenizer tokenizer = checkpoint.openTokenizer(checkpoint.maxTokens());
                TextEncoder encoder = TextEncoder.open(checkpoint, new Compute("cpu", Precision.F32))) {
            // Opened is all that is asked of them.
        }
    }
}
