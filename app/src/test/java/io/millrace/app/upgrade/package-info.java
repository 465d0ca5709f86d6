/** Streams that earlier versions wrote, and services of this one that continue them. */
package io.millrace.app.upgrade;
