// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.util.List;
import java.util.function.Consumer;

/// A class that we wrote, in the package and the nest of the class that asked for it: it may do what that class may do,
/// no other class can name it, and it goes when nobody uses it any more. (ADR 0022)
///
/// @param constructor makes an instance
record HiddenClass(MethodHandle constructor) {

    /// A field that the constructor fills.
    record Field(String name, ClassDesc type) {}

    /// The name of a class in the package of a lookup.
    static ClassDesc name(Lookup lookup, String name) {
        String inPackage = lookup.lookupClass().getPackageName();
        return ClassDesc.of(inPackage, name);
    }

    static byte[] build(Lookup lookup, ClassDesc name, Consumer<ClassBuilder> content) {
        ClassHierarchyResolver types = ClassHierarchyResolver.ofClassLoading(lookup);
        return ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(types)).build(name, built -> {
            built.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
            content.accept(built);
        });
    }

    /// Adds fields and a constructor that takes their values.
    static void constructor(ClassBuilder built, ClassDesc self, List<Field> fields) {
        for (Field field : fields) {
            built.withField(field.name(), field.type(), ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
        }
        MethodTypeDesc type =
                MethodTypeDesc.of(CD_void, fields.stream().map(Field::type).toList());
        built.withMethodBody(INIT_NAME, type, 0, code -> {
            code.aload(0).invokespecial(CD_Object, INIT_NAME, MethodTypeDesc.of(CD_void));
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                code.aload(0)
                        .loadLocal(TypeKind.from(field.type()), code.parameterSlot(i))
                        .putfield(self, field.name(), field.type());
            }
            code.return_();
        });
    }

    /// Defines a class.
    ///
    /// @param lookup has all rights of its class
    static HiddenClass define(Lookup lookup, byte[] bytes, List<Object> classData) {
        try {
            Lookup inside = lookup.defineHiddenClassWithClassData(bytes, classData, true, ClassOption.NESTMATE);
            return new HiddenClass(
                    inside.unreflectConstructor(inside.lookupClass().getDeclaredConstructors()[0]));
        } catch (IllegalAccessException incomplete) {
            throw new IllegalArgumentException(
                    lookup + " has not all rights of its class; pass MethodHandles.lookup()", incomplete);
        }
    }

    @SuppressWarnings("NullAway") // a constructor returns no null
    Object make(Object... arguments) {
        try {
            return constructor.invokeWithArguments(arguments);
        } catch (Throwable impossible) {
            throw new AssertionError("a constructor that only fills fields failed", impossible);
        }
    }
}
