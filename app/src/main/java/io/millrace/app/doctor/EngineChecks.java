package io.millrace.app.doctor;

import io.millrace.encoder.TorchRuntime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** PyTorch's native library, and the GPUs that it sees. */
final class EngineChecks {

    private static final Path NVIDIA_DEVICE = Path.of("/dev/nvidia0");

    private EngineChecks() {}

    static List<Finding> run() {
        return run(TorchRuntime::load, Files.exists(NVIDIA_DEVICE));
    }

    /**
     * The checks.
     *
     * @param load loads the library
     * @param nvidia whether the machine has a GPU that PyTorch could use
     */
    static List<Finding> run(Supplier<TorchRuntime> load, boolean nvidia) {
        try {
            TorchRuntime runtime = load.get();
            return List.of(Finding.ok("native library", "PyTorch " + runtime.version()), gpu(runtime.gpus(), nvidia));
        } catch (LinkageError | RuntimeException e) {
            return List.of(Finding.fail(
                    "native library",
                    "PyTorch does not load, so nothing can be trained or scored. It needs Linux with glibc (not Alpine) and a"
                            + " directory that it can unpack to: let DJL_CACHE_DIR name one",
                    e));
        }
    }

    private static Finding gpu(int gpus, boolean nvidia) {
        if (gpus > 0) {
            return Finding.ok("GPU", gpus == 1 ? "one: cuda:0" : gpus + ": cuda:0 to cuda:" + (gpus - 1));
        }
        return nvidia
                ? Finding.warn(
                        "GPU",
                        "the machine has one, but PyTorch sees none, so everything runs on the CPU. Give libtorch for CUDA as"
                                + " docs/encoder.md says.")
                : Finding.ok("GPU", "none, so everything runs on the CPU");
    }
}
