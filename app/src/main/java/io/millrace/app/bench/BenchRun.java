package io.millrace.app.bench;

import io.millrace.encoder.Precision;
import io.millrace.encoder.Tuning;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.Method;

import java.nio.file.Path;

/**
 * One measurement: a training loop goes over the start of a stream once.
 *
 * @param encoder directory of the encoder to start from
 * @param stream labelled examples as JSON lines, gzipped or not
 * @param method the training method
 * @param precision number format of the arithmetic
 * @param size how much
 * @param tuning which weights are trained
 */
public record BenchRun(Path encoder, Path stream, Method method, Precision precision, Size size, Tuning tuning) {

    /** Of all weights. */
    public BenchRun(Path encoder, Path stream, Method method, Precision precision, Size size) {
        this(encoder, stream, method, precision, size, Tuning.FULL);
    }

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
        return what() + " in " + word(precision);
    }

    /** The method, with what it trains unless that is all. */
    String what() {
        return tuning.isPartial() ? method.wireName() + ", " + tuning.mode().wireName() : method.wireName();
    }
}
