package io.millrace.encoder.safetensors;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;

/** The number formats that weights may be stored in. */
public enum TensorType {
    F32(4) {
        @Override
        float next(ByteBuffer stored) {
            return stored.getFloat();
        }
    },
    F16(2) {
        @Override
        float next(ByteBuffer stored) {
            return halfToFloat(stored.getShort());
        }
    },
    BF16(2) {
        @Override
        float next(ByteBuffer stored) {
            return Float.intBitsToFloat(stored.getShort() << 16);
        }
    },
    /** Position ids in old checkpoints; never read as weights. */
    I64(8) {
        @Override
        float next(ByteBuffer stored) {
            return stored.getLong();
        }
    };

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }

    abstract float next(ByteBuffer stored);

    static Optional<TensorType> of(String name) {
        for (TensorType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Appends the values of whole stored numbers as 32-bit floats. */
    void widen(ByteBuffer stored, FloatBuffer floats) {
        if (this == F32) {
            floats.put(stored.asFloatBuffer());
            return;
        }
        while (stored.hasRemaining()) {
            floats.put(next(stored));
        }
    }

    /** IEEE 754 binary16 to binary32, exact; subnormals, infinities and NaN included. */
    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        int wideExponent = exponent == 0x1f ? 0xff : exponent + (127 - 15);
        return Float.intBitsToFloat(sign | wideExponent << 23 | fraction << 13);
    }
}
