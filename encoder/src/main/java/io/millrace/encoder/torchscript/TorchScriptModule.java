package io.millrace.encoder.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A TorchScript module kept as readable text in the resources: its methods run inside libtorch, differentiable,
 * without Python. See {@code docs/encoder.md}.
 */
public final class TorchScriptModule implements AutoCloseable {

    /** Texts that go on where that of a class ends. */
    private static final Map<String, List<String>> CONTINUED =
            Map.of("encoder", List.of("encoder-weights", "encoder-layers", "encoder-adapters"));

    private final PtSymbolBlock block;

    private TorchScriptModule(PtSymbolBlock block) {
        this.block = block;
    }

    /**
     * Loads {@code NAME.torchscript}, and the texts that it goes on in.
     *
     * @param owner manager on whose device the module runs; the module closes with it
     * @param className the class in the text
     * @param attributes values of the class's attributes: Boolean, Integer, Double, String, or a list of Integers or of Doubles
     */
    public static TorchScriptModule load(NDManager owner, String className, Map<String, Object> attributes) {
        return compile(owner, className, source(className), attributes);
    }

    /** The text of a class. */
    static String source(String className) {
        String name = className.toLowerCase(Locale.ROOT);
        StringBuilder text = new StringBuilder(text(name));
        CONTINUED.getOrDefault(name, List.of()).forEach(next -> text.append('\n')
                .append(text(next)));
        return text.toString();
    }

    static TorchScriptModule compile(NDManager owner, String className, String source, Map<String, Object> attributes) {
        byte[] archive = TorchScriptArchive.of(className, source, attributes);
        try {
            return new TorchScriptModule(
                    JniUtils.loadModule((PtNDManager) owner, new ByteArrayInputStream(archive), false, false));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot load the kernels of " + className, e);
        }
    }

    /**
     * Runs a method. Its results belong to {@code scope}.
     *
     * @param arguments each an array, or a list of arrays where the method takes a {@code List[Tensor]}
     */
    public NDList call(NDManager scope, String method, Object... arguments) {
        // Per thread: the profiling executor re-specialises for every new number of tokens, and loses casts to bfloat16
        // in
        // backward passes.
        JniUtils.setGraphExecutorOptimize(false);
        NDList inputs = new NDList();
        // Empty: DJL copies a number to a GPU and waits for it, but reads nothing of this array beside its name.
        NDArray name = scope.create(new Shape(0), DataType.FLOAT32);
        name.setName("module_method:" + method);
        inputs.add(name);
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof NDArray array) {
                array.setName(null);
                inputs.add(array);
            } else {
                @SuppressWarnings("unchecked")
                List<NDArray> list = (List<NDArray>) arguments[i];
                for (NDArray array : list) {
                    array.setName("list" + i + "[]");
                    inputs.add(array);
                }
            }
        }
        try {
            return IValueUtils.forward(block, inputs, true);
        } finally {
            name.close();
        }
    }

    @Override
    public void close() {
        block.close();
    }

    private static String text(String name) {
        String resource = name + ".torchscript";
        try (InputStream in = TorchScriptModule.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the encoder's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + resource, e);
        }
    }
}
