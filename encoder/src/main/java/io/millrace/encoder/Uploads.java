package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How arrays of Java come to the device. On the CPU each is created there. For a GPU those of one {@link Upload} go into one
 * buffer of pinned memory and are copied together while Java goes on; DJL itself copies each array by itself and waits for it.
 */
public final class Uploads {

    /** For the CPU. */
    static final Uploads DIRECT = new Uploads(Optional.empty());

    private final Optional<TorchScriptModule> kernels;

    private Uploads(Optional<TorchScriptModule> kernels) {
        this.kernels = kernels;
    }

    /** Those of a device. The kernels that a GPU needs belong to {@code owner}. */
    static Uploads of(NDManager owner) {
        return owner.getDevice().isGpu() ? joined(owner, /* pinned */ true) : DIRECT;
    }

    /** All arrays in one buffer. Only a machine with a GPU can pin memory. */
    static Uploads joined(NDManager owner, boolean pinned) {
        return new Uploads(Optional.of(TorchScriptModule.load(owner, "Uploads", Map.of("pinned", pinned))));
    }

    /**
     * Numbers that the host reads while it launches kernels, as a step size or a count: they stay in its memory, because reading one from
     * a GPU waits for all of its work.
     */
    public static NDManager host(NDManager scope) {
        return scope.getDevice().isGpu() ? scope.newSubManager(Device.cpu()) : scope;
    }

    /** Begins to gather arrays, which will belong to {@code scope}. */
    public Upload to(NDManager scope) {
        return new Upload(scope);
    }

    /** One array alone. Shape [n], int64. */
    public NDArray array(NDManager scope, long... values) {
        Upload upload = to(scope);
        Supplier<NDArray> array = upload.add(values);
        upload.send();
        return array.get();
    }

    /** One array alone, of float32. */
    public NDArray array(NDManager scope, float[] values, Shape shape) {
        Upload upload = to(scope);
        Supplier<NDArray> array = upload.add(values, shape);
        upload.send();
        return array.get();
    }

    /** Arrays that are copied together. Each is there once {@link #send} has been called. */
    public final class Upload {

        private final NDManager scope;
        private final List<long[]> values = new ArrayList<>();
        private final NDList like = new NDList();
        private final NDList sent = new NDList();

        private Upload(NDManager scope) {
            this.scope = scope;
        }

        /** An array of shape [n], int64. */
        public Supplier<NDArray> add(long... array) {
            return kernels.isEmpty()
                    ? created(scope.create(array))
                    : add(new Shape(array.length), DataType.INT64, array);
        }

        /** An array of shape [n], float32. */
        public Supplier<NDArray> add(float... array) {
            return add(array, new Shape(array.length));
        }

        /** An array of float32. */
        public Supplier<NDArray> add(float[] array, Shape shape) {
            if (kernels.isEmpty()) {
                return created(scope.create(array, shape));
            }
            long[] bits = new long[array.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Float.floatToRawIntBits(array[i]);
            }
            return add(shape, DataType.FLOAT32, bits);
        }

        /** An array of truth values. */
        public Supplier<NDArray> add(boolean[] array, Shape shape) {
            if (kernels.isEmpty()) {
                return created(scope.create(array, shape));
            }
            long[] flags = new long[array.length];
            for (int i = 0; i < flags.length; i++) {
                flags[i] = array[i] ? 1 : 0;
            }
            return add(shape, DataType.BOOLEAN, flags);
        }

        private static Supplier<NDArray> created(NDArray array) {
            return () -> array;
        }

        private Supplier<NDArray> add(Shape shape, DataType type, long[] array) {
            int place = values.size();
            values.add(array);
            like.add(scope.create(shape.add(0), type));
            return () -> sent.get(place);
        }

        /** Copies them. */
        public void send() {
            if (kernels.isPresent() && !values.isEmpty()) {
                try (NDManager host = scope.newSubManager(Device.cpu())) {
                    sent.addAll(kernels.get().call(scope, "spread", host.create(joined()), like));
                }
                like.forEach(NDArray::close);
            }
        }

        private long[] joined() {
            long[] joined =
                    new long[values.stream().mapToInt(array -> array.length).sum()];
            int next = 0;
            for (long[] array : values) {
                System.arraycopy(array, 0, joined, next, array.length);
                next += array.length;
            }
            return joined;
        }
    }
}
