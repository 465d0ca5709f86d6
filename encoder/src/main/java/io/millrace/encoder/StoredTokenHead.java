package io.millrace.encoder;

import io.millrace.encoder.config.EncoderConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** What the masked-token head of a checkpoint says of its past. */
final class StoredTokenHead {

    private StoredTokenHead() {}

    /** Whether its biases and norms are others than a head is drawn with: all of them 0, or all of them 1. */
    static boolean isTrained(EncoderConfig config, StoredTensors stored) {
        try (WeightFiles files = WeightFiles.open(stored.path())) {
            List<Slot> head = new ArrayList<>(Slots.tokenHead(config));
            head.addAll(Slots.sharedHead(config));
            for (Slot slot : head) {
                if ((slot.role() == Slot.Role.BIAS || slot.role() == Slot.Role.SCALE)
                        && !isAsDrawn(files.floats(stored.stored(slot)).asFloatBuffer())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + stored.path() + ": " + e.getMessage(), e);
        }
    }

    private static boolean isAsDrawn(FloatBuffer vector) {
        float first = vector.get(0);
        for (int i = 1; i < vector.limit(); i++) {
            if (vector.get(i) != first) {
                return false;
            }
        }
        return first == 0 || first == 1;
    }
}
