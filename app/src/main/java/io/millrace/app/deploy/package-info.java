/** Steps of the container image build. */
@NullMarked
package io.millrace.app.deploy;

import org.jspecify.annotations.NullMarked;
