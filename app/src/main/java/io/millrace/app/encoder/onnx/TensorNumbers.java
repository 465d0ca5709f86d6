package io.millrace.app.encoder.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;

/** The numbers in a tensor of an ONNX file: as bytes, little endian, or as a list. */
final class TensorNumbers {

    private TensorNumbers() {}

    static boolean isFloat(TensorProto tensor) {
        return tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE;
    }

    /** The 32-bit floats of a tensor, row by row, in a direct buffer of the machine's byte order. */
    static ByteBuffer floats(TensorProto tensor) {
        long expected = 1;
        for (long size : tensor.getDimsList()) {
            expected = Math.multiplyExact(expected, size);
        }
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer read = raw.hasRemaining() ? raw.asFloatBuffer() : FloatBuffer.wrap(list(tensor.getFloatDataList()));
        if (!isFloat(tensor) || read.remaining() != expected) {
            throw new UnusableCheckpointException("tensor " + tensor.getName() + " must hold " + expected
                    + " 32-bit floats, got " + read.remaining() + ". Export the model again, in float32.");
        }
        ByteBuffer copy =
                ByteBuffer.allocateDirect(read.remaining() * Float.BYTES).order(ByteOrder.nativeOrder());
        copy.asFloatBuffer().put(read);
        return copy;
    }

    private static float[] list(List<Float> numbers) {
        float[] list = new float[numbers.size()];
        for (int i = 0; i < list.length; i++) {
            list[i] = numbers.get(i);
        }
        return list;
    }

    /** The 64-bit whole numbers of a tensor; none if it holds others. */
    static long[] longs(TensorProto tensor) {
        if (tensor.getDataType() != TensorProto.DataType.INT64_VALUE) {
            return new long[0];
        }
        if (tensor.getRawData().isEmpty()) {
            return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
        }
        LongBuffer raw = tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        long[] numbers = new long[raw.remaining()];
        raw.get(numbers);
        return numbers;
    }

    /** A matrix [rows, columns] as [columns, rows]. */
    static ByteBuffer transposed(ByteBuffer matrix, int rows, int columns) {
        FloatBuffer read = matrix.asFloatBuffer();
        ByteBuffer turned = ByteBuffer.allocateDirect(matrix.capacity()).order(ByteOrder.nativeOrder());
        FloatBuffer written = turned.asFloatBuffer();
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                written.put(read.get(row * columns + column));
            }
        }
        return turned;
    }
}
