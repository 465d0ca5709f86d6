package io.millrace.app.encoder.hub;

import io.millrace.app.console.Bytes;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.tokens.TextTokenizer;

import java.util.List;
import java.util.Map;

/** The largest size of each kind of file, several times that of any encoder there is: what is larger is something else. */
final class SizeLimits {

    static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    private static final long MEBIBYTE = 1 << 20;
    private static final long MOST_WEIGHT_BYTES = 16_384 * MEBIBYTE;
    private static final Map<String, Long> MOST_BYTES = Map.of(
            EncoderConfig.FILE_NAME,
            MEBIBYTE,
            TOKENIZER_CONFIG,
            8 * MEBIBYTE,
            TextTokenizer.FILE_NAME,
            64 * MEBIBYTE,
            ShardIndex.FILE_NAME,
            16 * MEBIBYTE);

    private SizeLimits() {}

    /** Returns a JSON file that is not too large. */
    static HubFile check(HubFile file) {
        long most = MOST_BYTES.getOrDefault(file.name(), 0L);
        if (file.bytes() > most) {
            throw tooLarge(file.name(), most, file.bytes());
        }
        return file;
    }

    /** Returns weights that together are not too large. */
    static List<HubFile> checkWeights(List<HubFile> files) {
        long bytes = 0;
        for (HubFile file : files) {
            // Stated by the hub: two sizes may not fit a long together.
            bytes += Math.min(file.bytes(), MOST_WEIGHT_BYTES + 1);
            if (bytes > MOST_WEIGHT_BYTES) {
                throw tooLarge("the weights", MOST_WEIGHT_BYTES, bytes);
            }
        }
        return files;
    }

    private static DownloadException tooLarge(String what, long most, long got) {
        return new DownloadException(what + " must have at most " + Bytes.words(most) + ", got at least "
                + Bytes.words(got) + ". Is it an encoder? Nothing of it was fetched.");
    }
}
