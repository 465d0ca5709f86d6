package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.NativeEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Gives each test a manager of its own for its arrays. */
public abstract class NativeScope {

    protected NDManager scope;

    @BeforeEach
    void openScope() {
        scope = NativeEngine.get().newBaseManager(Device.cpu());
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }
}
