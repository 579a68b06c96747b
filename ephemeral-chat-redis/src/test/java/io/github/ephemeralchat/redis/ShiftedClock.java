package io.github.ephemeralchat.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent that sets the wall clock of its whole process forth or back, on whatever system: for the library, for
 * Lettuce and netty, and for {@code java.time}. What is monotonic goes on as it did.
 */
public final class ShiftedClock implements ClassFileTransformer {

    private static final String SHIFT = "test.clock.shift";
    private static final String MILLIS = "currentTimeMillis";
    /** Those of the JDK's own classes that tell somebody the time. */
    private static final Set<String> OF_THE_JDK =
            Set.of("java/time/Clock", "java/time/Clock$SystemClock", "java/util/Date");

    private ShiftedClock() {}

    /** The JVM's option that does it. */
    static String option(Path folder, Duration shift) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Premain-Class", ShiftedClock.class.getName());
        main.putValue("Can-Retransform-Classes", "true");
        Path jar = folder.resolve("shifted-clock.jar");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return "-javaagent:" + jar + "=" + shift.toMillis();
    }

    /** Called by the JVM before the program. */
    public static void premain(String millis, Instrumentation jvm)
            throws UnmodifiableClassException, ClassNotFoundException {
        System.setProperty(SHIFT, millis);
        jvm.addTransformer(new ShiftedClock(), true);
        jvm.retransformClasses(Clock.class, Class.forName("java.time.Clock$SystemClock"), Date.class);
    }

    @Override
    public byte @Nullable [] transform(
            ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] content) {
        boolean ofTheJdk = OF_THE_JDK.contains(name);
        boolean ofOthers = loader != null && new String(content, StandardCharsets.ISO_8859_1).contains(MILLIS);
        if (!ofTheJdk && !ofOthers) {
            return null;
        }
        ClassReader reader = new ClassReader(content);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new Shifted(writer), 0);
        return writer.toByteArray();
    }

    private static final class Shifted extends ClassVisitor {

        Shifted(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String generic, String[] thrown) {
            MethodVisitor next = super.visitMethod(access, name, type, generic, thrown);
            return new ShiftedMethod(next, name.equals("currentInstant"));
        }
    }

    /** Adds the shift to what {@code System.currentTimeMillis()} says, or to the instant that a method returns. */
    private static final class ShiftedMethod extends MethodVisitor {

        private final boolean tellsAnInstant;

        ShiftedMethod(MethodVisitor next, boolean tellsAnInstant) {
            super(Opcodes.ASM9, next);
            this.tellsAnInstant = tellsAnInstant;
        }

        @Override
        public void visitMethodInsn(int code, String owner, String name, String type, boolean ofInterface) {
            super.visitMethodInsn(code, owner, name, type, ofInterface);
            if (owner.equals("java/lang/System") && name.equals(MILLIS)) {
                visitShift();
                super.visitInsn(Opcodes.LADD);
            }
        }

        @Override
        public void visitInsn(int code) {
            if (tellsAnInstant && code == Opcodes.ARETURN) {
                visitShift();
                String plus = "(J)Ljava/time/Instant;";
                super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/time/Instant", "plusMillis", plus, false);
            }
            super.visitInsn(code);
        }

        private void visitShift() {
            super.visitLdcInsn(SHIFT);
            super.visitInsn(Opcodes.LCONST_0);
            String get = "(Ljava/lang/String;J)Ljava/lang/Long;";
            super.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Long", "getLong", get, false);
            super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Long", "longValue", "()J", false);
        }
    }
}
