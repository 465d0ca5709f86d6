package io.millrace.app.bench;

import io.millrace.compare.MethodChoice;
import io.millrace.encoder.Precision;
import io.millrace.schemas.json.Json;

import java.nio.file.Path;

/**
 * One measurement: a training loop goes over the start of a stream once.
 *
 * @param encoder directory of the encoder to start from
 * @param stream labelled examples as JSON lines, gzipped or not
 * @param method the training method, with settings of its own
 * @param precision number format of the arithmetic
 * @param size how much
 */
public record BenchRun(Path encoder, Path stream, MethodChoice method, Precision precision, Size size) {

    /**
     * How much is trained.
     *
     * @param steps optimizer steps
     * @param batch examples per step
     * @param maxTokens longest example in tokens, longer ones are truncated
     * @param threads compute threads
     */
    public record Size(int steps, int batch, int maxTokens, int threads) {

        /** Examples of the stream that a run trains on. */
        public int examples() {
            return Math.multiplyExact(steps, batch);
        }
    }

    /** The peak learning rate of both loops; it changes no time. */
    static final double LEARNING_RATE = 6e-4;

    /** Steps at the start that are not measured: kernels are chosen there, and buffers grow. */
    int warmUp() {
        return Math.min(10, size.steps() / 4);
    }

    /** The word for the number format, on the command line and in tables. */
    static String word(Precision precision) {
        return Json.mapper().convertValue(precision, String.class);
    }

    @Override
    public String toString() {
        return method.label() + " in " + word(precision);
    }
}
